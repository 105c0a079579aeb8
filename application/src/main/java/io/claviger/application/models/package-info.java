/** The model catalogue: administrators maintain it, and users see the models that they can use. */
@NullMarked
package io.claviger.application.models;

import org.jspecify.annotations.NullMarked;
