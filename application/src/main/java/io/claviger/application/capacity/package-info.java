/** How calls share what a provider allows in a minute and at a time. */
package io.claviger.application.capacity;
