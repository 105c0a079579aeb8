/** What providers say that their customers used and owe. */
package io.claviger.domain.bills;
