@NullMarked
package io.claviger.gateway;

import org.jspecify.annotations.NullMarked;
