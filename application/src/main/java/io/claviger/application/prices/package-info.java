/** Prices of models: written, imported, listed, and found for calls. */
@NullMarked
package io.claviger.application.prices;

import org.jspecify.annotations.NullMarked;
