@NullMarked
package io.claviger.gateway.errors;

import org.jspecify.annotations.NullMarked;
