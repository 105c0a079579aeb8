/** What the use cases of API standards need from outside. */
@NullMarked
package io.claviger.application.standards.port;

import org.jspecify.annotations.NullMarked;
