/** The catalogue of models. */
@NullMarked
package io.claviger.console.models;

import org.jspecify.annotations.NullMarked;
