/** The scalar fields of resources, each declared once for the API, the console and the database. */
@NullMarked
package io.claviger.domain.fields;

import org.jspecify.annotations.NullMarked;
