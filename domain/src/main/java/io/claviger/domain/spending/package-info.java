/** What a call asks for, how much of a budget is reserved for it, and what it is charged. */
package io.claviger.domain.spending;
