/** The model catalogue, and the models that a user can run. */
@NullMarked
package io.claviger.application.models;

import org.jspecify.annotations.NullMarked;
