@NullMarked
package io.claviger.application.gateway;

import org.jspecify.annotations.NullMarked;
