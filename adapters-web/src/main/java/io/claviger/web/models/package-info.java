/**
 * HTTP routes for the model catalogue: administrators maintain it, and all users choose from it.
 */
@NullMarked
package io.claviger.web.models;

import org.jspecify.annotations.NullMarked;
