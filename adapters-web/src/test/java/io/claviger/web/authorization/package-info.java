/**
 * The status that each caller role gets from each operation of the contract. The table is {@code
 * authorization.txt}; the test sends all of its requests.
 */
package io.claviger.web.authorization;
