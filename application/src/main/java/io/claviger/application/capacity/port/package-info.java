/** What providers' limits need from other modules: exchanged amounts and stored counts. */
@NullMarked
package io.claviger.application.capacity.port;

import org.jspecify.annotations.NullMarked;
