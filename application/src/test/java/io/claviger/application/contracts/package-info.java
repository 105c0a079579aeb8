/**
 * What each port promises, as tests. Each port has one abstract class, which is run on the
 * implementation in memory and on the one for PostgreSQL.
 */
package io.claviger.application.contracts;
