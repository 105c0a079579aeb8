/**
 * Imports from Coder: the providers with their keys, the models, and the users' own keys. Coder's
 * public repository describes the tables and the encryption (coder/coder,
 * coderd/database/migrations and enterprise/dbcrypt).
 */
package io.claviger.imports.coder;
