SELECT setval('lot', 30000);
