/**
 * The import from Coder: its providers with their keys, its models, and the keys of its users. The
 * tables and the encryption are described in Coder's public repository (coder/coder,
 * coderd/database/migrations and enterprise/dbcrypt).
 */
package io.claviger.imports.coder;
