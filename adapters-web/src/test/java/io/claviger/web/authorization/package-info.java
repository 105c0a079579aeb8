/**
 * Who gets what from every operation of the contract, as a table ({@code authorization.txt}) and a
 * walk that goes through it over HTTP.
 */
@NullMarked
package io.claviger.web.authorization;

import org.jspecify.annotations.NullMarked;
