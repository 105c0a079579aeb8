/** Services: the list of them, one of them, and who holds it. */
@NullMarked
package io.claviger.console.services;

import org.jspecify.annotations.NullMarked;
