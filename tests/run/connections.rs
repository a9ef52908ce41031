//! Every way in which a database cannot be reached has its own name.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;

use migrator::app::{Failure, Request};
use migrator::code::{Code, Exit};
use migrator::throwaway::{Settings, Throwaway};

use super::{World, plan};
use crate::support::server::{majors, programs, server};

async fn fails(prod: &str, code: Code) -> Failure {
    let dev = server(majors()[0]).url("postgres");
    let failure = match Request::new(&dev, prod) {
        Ok(request) => plan(&request).await.unwrap_err(),
        Err(failure) => failure,
    };
    assert_eq!(failure.code, code, "{failure:?}");
    assert!(!format!("{failure:?}").contains("s3cret"), "{failure:?}");
    assert!(failure.changed_nothing());
    failure
}

#[tokio::test]
async fn addresses_that_are_none() {
    for malformed in
        ["", "localhost/shop", "postgresql://app:s3cret@host:port/shop", "postgresql://app@host/x?sslmode=s3cret"]
    {
        let failure = fails(malformed, Code::MalformedUrl).await;
        assert_eq!((failure.code.exit(), failure.code.http()), (Exit::Usage, 400));
    }
    fails("mysql://app:s3cret@localhost/shop", Code::UnsupportedScheme).await;
    fails("postgresql://app@localhost/shop?paswort=s3cret", Code::MalformedUrl).await;
}

#[tokio::test]
async fn places_where_no_server_is() {
    fails("postgresql://app:s3cret@no-such-host.invalid/shop", Code::HostUnknown).await;
    fails("postgresql://app:s3cret@/shop?host=/no/such/directory", Code::ConnectionRefused).await;
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let failure = fails(&format!("postgresql://app:s3cret@{free}/shop"), Code::ConnectionRefused).await;
    assert!(failure.message.contains(&free.to_string()), "{failure}");

    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = silent.local_addr().unwrap();
    let failure = fails(&format!("postgresql://app:s3cret@{address}/x?connect_timeout=1"), Code::ConnectTimeout).await;
    assert!(failure.message.contains("within 1 s") && failure.code.http() == 504, "{failure}");

    let web = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = web.local_addr().unwrap();
    std::thread::spawn(move || {
        for mut stream in web.incoming().flatten() {
            let _ = stream.read(&mut [0; 1024]);
            let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n");
        }
    });
    fails(&format!("postgresql://app:s3cret@{address}/x"), Code::NotPostgres).await;
}

#[tokio::test]
async fn servers_that_say_no() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
    let hba = folder.path().join("hba");
    std::fs::write(&hba, "host all postgres 127.0.0.1/32 trust\nhost all banned 127.0.0.1/32 reject\nhost all all 127.0.0.1/32 scram-sha-256\n").unwrap();
    let mut settings = Settings::default();
    settings.parameters.insert("hba_file".to_owned(), hba.display().to_string());
    let cluster = Throwaway::start(&programs(majors()[0]), &settings).unwrap();
    let url = |who: &str, database: &str| format!("postgresql://{who}@127.0.0.1:{}/{database}", cluster.port());
    let mut admin = <sqlx::PgConnection as sqlx::Connection>::connect(&url("postgres", "postgres")).await.unwrap();
    let setup = "create role app login password 'right'; create role few login password 'right' connection limit 0;
        create database closed; revoke connect on database closed from public; create role stranger nologin password 'right'";
    for statement in setup.split(';') {
        sqlx::raw_sql(statement).execute(&mut admin).await.unwrap();
    }

    let failure = fails(&url("app:s3cret", "postgres"), Code::WrongPassword).await;
    assert_eq!(failure.sqlstate.as_deref(), Some("28P01"));
    assert!(failure.message.contains("role app") && failure.code.http() == 403, "{failure}");
    fails(&url("app", "postgres"), Code::WrongPassword).await;
    fails(&url("banned:s3cret", "postgres"), Code::AccessDenied).await;
    fails(&url("stranger:right", "postgres"), Code::AccessDenied).await;
    fails(&url("few:right", "postgres"), Code::TooManyConnections).await;
    fails(&url("app:right", "closed"), Code::AccessDenied).await;
    let failure = fails(&url("app:right", "nowhere"), Code::NoSuchDatabase).await;
    assert!(failure.message.contains("nowhere") && failure.code.http() == 404, "{failure}");
    fails(&url("app:right", "postgres?sslmode=require"), Code::TlsUnavailable).await;

    // Only a method that asks for no password says that there is no such role.
    let trusting = server(majors()[0]);
    fails(&trusting.url("postgres").replace("postgres@", "nobody_here@"), Code::NoSuchRole).await;
}

#[tokio::test]
async fn the_message_says_which_side() {
    let world = World::new(majors()[0], "", "");
    let request = Request::new(&world.dev.url.replace(&world.dev.name, "nowhere"), &world.prod.url).unwrap();
    let failure = plan(&request).await.unwrap_err();
    assert!(failure.message.starts_with("dev: "), "{failure}");
}
