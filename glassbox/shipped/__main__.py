from glassbox.shipped.making import main

main()
