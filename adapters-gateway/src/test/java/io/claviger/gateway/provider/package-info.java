@NullMarked
package io.claviger.gateway.provider;

import org.jspecify.annotations.NullMarked;
