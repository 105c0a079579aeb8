/** People and service accounts, as administrators keep them. */
@NullMarked
package io.claviger.console.people;

import org.jspecify.annotations.NullMarked;
