/**
 * Reads the operator's settings from the environment into typed records, once per start. No class
 * of this package opens a socket or a database. Secrets have the type {@link
 * io.claviger.host.Confidential}, which can't be printed.
 */
package io.claviger.bootstrap.settings;
