/** Groups and their members in PostgreSQL. */
@NullMarked
package io.claviger.persistence.groups;

import org.jspecify.annotations.NullMarked;
