//! Which options and parameters hold secrets, by their names: of foreign servers and mappings, of connection strings.
//! A name is taken apart into its words, so that `sslpassword`, `ApiKey` and `api-key` are known and `bypass` is not.

/// What says so wherever it stands.
const ANYWHERE: [&str; 7] = ["passw", "passphrase", "passcode", "pwd", "secret", "credential", "token"];
/// What says so as a word of its own.
const WORDS: [&str; 7] = ["pass", "pw", "bearer", "jwt", "cred", "creds", "sas"];
/// What says so before the word `key`.
const KEYS: [&str; 14] = [
    "access", "account", "api", "auth", "client", "crypt", "decryption", "encryption", "master", "private", "server", "shared",
    "signing", "storage",
];
/// What sounds like a secret and is none.
const HARMLESS: [&str; 1] = ["password_required"];

pub(super) fn is_named(name: &str) -> bool {
    let words = words(name);
    let joined = words.concat();
    let ends_with_pass = |word: &String| word.ends_with("pass") && !word.ends_with("bypass") && !word.ends_with("compass");
    !is_harmless(name)
        && (ANYWHERE.iter().any(|part| joined.contains(part))
            || words.iter().any(|word| WORDS.contains(&word.as_str()) || ends_with_pass(word))
            || KEYS.iter().any(|part| joined.contains(&format!("{part}key"))))
}

pub(super) fn is_harmless(name: &str) -> bool {
    HARMLESS.contains(&name.to_lowercase().as_str())
}

/// `apiKey`, `API_KEY` and `api-key` are `api` and `key`.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut small = false;
    for c in name.chars() {
        if !c.is_alphanumeric() || c.is_uppercase() && small {
            words.push(String::new());
        }
        small = c.is_lowercase();
        if let Some(word) = words.last_mut().filter(|_| c.is_alphanumeric()) {
            word.extend(c.to_lowercase());
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_known_by_the_words_of_their_names() {
        let secret = "password sslpassword PWD apikey api_key API-Key apiKey x_api_key accesskey aws_access_key secret_key secretkey pass dbpass \
            passphrase passcode bearer bearer_auth jwt token authToken private_key privateKey credential credentials storage.account-key \
            oauth_client_secret scram_client_key user_pass Pass";
        for name in secret.split_whitespace() {
            assert!(is_named(name), "{name}");
        }
        let plain = "password_required host key key_column primary_key bypass compass passive passenger passfile sslkey keyspace jwts_url \
            author auth_method fetch_size table_name";
        for name in plain.split_whitespace() {
            assert!(!is_named(name), "{name}");
        }
    }
}
