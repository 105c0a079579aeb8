/** The wire formats of providers, with one class for everything that depends on a format. */
@NullMarked
package io.claviger.domain.formats;

import org.jspecify.annotations.NullMarked;
