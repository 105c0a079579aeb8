/**
 * What each port promises, as tests: one abstract class for each, run on the ports in memory and on
 * those of PostgreSQL.
 */
@NullMarked
package io.claviger.testkit.contract;

import org.jspecify.annotations.NullMarked;
