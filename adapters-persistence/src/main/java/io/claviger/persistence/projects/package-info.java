/** Projects and their members in PostgreSQL. */
@NullMarked
package io.claviger.persistence.projects;

import org.jspecify.annotations.NullMarked;
