/**
 * The model catalogue: its entries, who can run them, and which one is the default. Services and
 * the choice of a key are in other packages.
 */
@NullMarked
package io.claviger.domain.models;

import org.jspecify.annotations.NullMarked;
