/**
 * The operator's settings: the environment, read once into typed records. Nothing here opens a
 * socket or a database. Secrets have the type {@link io.claviger.host.Confidential}, which can't be
 * printed.
 */
package io.claviger.bootstrap.settings;
