package io.perpetua.accounts;

import java.lang.reflect.Proxy;

/** Configurations in which one setting is another, as after a start with it. */
final class OtherSettings {
    private OtherSettings() {}

    static <T> T with(Class<T> type, T config, String setting, Object value) {
        return type.cast(
                Proxy.newProxyInstance(
                        type.getClassLoader(),
                        new Class<?>[] {type},
                        (proxy, method, arguments) ->
                                method.getName().equals(setting)
                                        ? value
                                        : method.invoke(config, arguments)));
    }
}
