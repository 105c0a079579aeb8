/**
 * The import from Coder: its providers with their keys, its models, and the keys of its users. The
 * tables and the encryption are described in the public repository of Coder (coder/coder,
 * coderd/database/migrations and enterprise/dbcrypt).
 */
package io.claviger.imports.coder;
