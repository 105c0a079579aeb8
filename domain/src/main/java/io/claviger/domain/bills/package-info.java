/** The usage and the costs that providers bill, and their comparison with what Claviger counted. */
package io.claviger.domain.bills;
