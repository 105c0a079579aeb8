/**
 * Reads the operator's settings from the environment, once, into typed records. No class of this
 * package opens a socket or a database. Secrets among the settings have the type {@link
 * io.claviger.host.Confidential}, which can't be printed.
 */
package io.claviger.bootstrap.settings;
