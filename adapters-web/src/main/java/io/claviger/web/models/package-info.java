/** The model catalogue over HTTP: for administrators to keep, for everybody to choose from. */
@NullMarked
package io.claviger.web.models;

import org.jspecify.annotations.NullMarked;
