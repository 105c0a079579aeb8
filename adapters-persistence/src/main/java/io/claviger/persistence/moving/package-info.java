/**
 * Moving in: databases of dhamps-vdb as they are read, and what came from them as it is kept here.
 */
@NullMarked
package io.claviger.persistence.moving;

import org.jspecify.annotations.NullMarked;
