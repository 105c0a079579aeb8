/** Holds a request's body back until it is known which model it asks for. */
@NullMarked
package io.claviger.gateway.model;

import org.jspecify.annotations.NullMarked;
