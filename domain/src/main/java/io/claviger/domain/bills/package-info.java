/** What providers say that their customers used and owe. */
@NullMarked
package io.claviger.domain.bills;

import org.jspecify.annotations.NullMarked;
