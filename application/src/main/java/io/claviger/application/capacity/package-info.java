/** How calls share the amounts that a provider allows in a minute and at the same time. */
package io.claviger.application.capacity;
