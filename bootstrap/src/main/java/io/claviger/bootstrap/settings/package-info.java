/**
 * What the operator decides: the environment, read once into typed records. Nothing here opens a
 * socket or a database. A secret is held as {@link io.claviger.operator.Confidential}, which no
 * message can show.
 */
@NullMarked
package io.claviger.bootstrap.settings;

import org.jspecify.annotations.NullMarked;
