/**
 * The common code of all imports: kinds of things, choosing handles, snapshots of databases, the
 * journal, the report, and undoing.
 */
package io.claviger.imports.shared;
