/**
 * What an operator gives and gets, for the program and its embedded database alike: the data
 * directory, secrets, database addresses, and the reasons why Claviger does not start.
 */
@NullMarked
package io.claviger.operator;

import org.jspecify.annotations.NullMarked;
