/**
 * The model catalogue: its entries, who can run them, and which one is the default. What a service
 * is and which key a call uses is decided elsewhere.
 */
@NullMarked
package io.claviger.domain.models;

import org.jspecify.annotations.NullMarked;
