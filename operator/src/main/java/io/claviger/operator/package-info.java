/**
 * Types that the program and its embedded database share: the data directory, secrets, database
 * addresses, and the exception that refuses a start.
 */
@NullMarked
package io.claviger.operator;

import org.jspecify.annotations.NullMarked;
