/** The model catalogue: what administrators keep in it, and what of it each user can run. */
@NullMarked
package io.claviger.application.models;

import org.jspecify.annotations.NullMarked;
