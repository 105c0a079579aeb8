/**
 * Imports from Coder: the providers with their keys, the models, and the keys of the users. The
 * tables and the encryption are described in Coder's public repository (coder/coder,
 * coderd/database/migrations and enterprise/dbcrypt).
 */
package io.claviger.imports.coder;
