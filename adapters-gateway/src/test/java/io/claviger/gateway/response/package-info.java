@NullMarked
package io.claviger.gateway.response;

import org.jspecify.annotations.NullMarked;
