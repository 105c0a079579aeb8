/** The usage and the costs that providers bill, and their comparison with what Claviger counted. */
@NullMarked
package io.claviger.domain.bills;

import org.jspecify.annotations.NullMarked;
