/** The console: pages for people, on the port of the API, which do what the API can do. */
@NullMarked
package io.claviger.console;

import org.jspecify.annotations.NullMarked;
