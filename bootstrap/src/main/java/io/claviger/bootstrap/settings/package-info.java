/**
 * What the operator decides: the environment, read once into typed records, and the data directory.
 * Nothing here opens a socket or a database. A secret is held as {@link
 * io.claviger.bootstrap.settings.Confidential}, which no message can show.
 */
@NullMarked
package io.claviger.bootstrap.settings;

import org.jspecify.annotations.NullMarked;
