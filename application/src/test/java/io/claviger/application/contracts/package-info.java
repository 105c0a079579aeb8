/**
 * What each port promises, as tests. Each port has one abstract class, which is run on the
 * implementation in memory and on the one for PostgreSQL.
 */
@NullMarked
package io.claviger.application.contracts;

import org.jspecify.annotations.NullMarked;
